"""
The words that fields of a type may hold, where the API server knows only some.

By type and field.  An open set (a strategy of a custom scheduler, a class) is not here.

Source: https://kubernetes.io/docs/reference/kubernetes-api/ (the fields' descriptions)
"""

from typing import Final

_PROTOCOLS = ("TCP", "UDP", "SCTP")
_ACCESS = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_POLICIES = ("Retain", "Delete")

WORDS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("core.v1.Container", "imagePullPolicy"): ("Always", "IfNotPresent", "Never"),
    ("core.v1.Container", "terminationMessagePolicy"): ("File", "FallbackToLogsOnError"),
    ("core.v1.ContainerPort", "protocol"): _PROTOCOLS,
    ("core.v1.ServicePort", "protocol"): _PROTOCOLS,
    ("networking.v1.NetworkPolicyPort", "protocol"): _PROTOCOLS,
    ("core.v1.PodSpec", "restartPolicy"): ("Always", "OnFailure", "Never"),
    ("core.v1.PodSpec", "dnsPolicy"): (
        "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None",
    ),
    ("core.v1.PodSpec", "preemptionPolicy"): ("Never", "PreemptLowerPriority"),
    ("core.v1.ServiceSpec", "type"): ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
    ("core.v1.ServiceSpec", "sessionAffinity"): ("None", "ClientIP"),
    ("core.v1.ServiceSpec", "externalTrafficPolicy"): ("Cluster", "Local"),
    ("core.v1.ServiceSpec", "internalTrafficPolicy"): ("Cluster", "Local"),
    ("core.v1.ServiceSpec", "ipFamilyPolicy"): (
        "SingleStack", "PreferDualStack", "RequireDualStack",
    ),
    ("core.v1.PersistentVolumeClaimSpec", "accessModes"): _ACCESS,
    ("core.v1.PersistentVolumeSpec", "accessModes"): _ACCESS,
    ("core.v1.PersistentVolumeClaimSpec", "volumeMode"): ("Filesystem", "Block"),
    ("core.v1.PersistentVolumeSpec", "persistentVolumeReclaimPolicy"): (*_POLICIES, "Recycle"),
    ("core.v1.VolumeMount", "mountPropagation"): ("None", "HostToContainer", "Bidirectional"),
    ("core.v1.HTTPGetAction", "scheme"): ("HTTP", "HTTPS"),
    ("core.v1.EmptyDirVolumeSource", "medium"): ("", "Memory", "HugePages"),
    ("core.v1.HostPathVolumeSource", "type"): (
        "", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice",
        "BlockDevice",
    ),
    ("core.v1.SeccompProfile", "type"): ("Unconfined", "RuntimeDefault", "Localhost"),
    ("core.v1.AppArmorProfile", "type"): ("Unconfined", "RuntimeDefault", "Localhost"),
    ("core.v1.PodSecurityContext", "fsGroupChangePolicy"): ("OnRootMismatch", "Always"),
    ("core.v1.Toleration", "operator"): ("Exists", "Equal", "Lt", "Gt"),
    ("core.v1.Toleration", "effect"): ("", "NoSchedule", "PreferNoSchedule", "NoExecute"),
    ("core.v1.Taint", "effect"): ("NoSchedule", "PreferNoSchedule", "NoExecute"),
    ("core.v1.NodeSelectorRequirement", "operator"): (
        "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt",
    ),
    ("meta.v1.LabelSelectorRequirement", "operator"): ("In", "NotIn", "Exists", "DoesNotExist"),
    ("core.v1.TopologySpreadConstraint", "whenUnsatisfiable"): (
        "DoNotSchedule", "ScheduleAnyway",
    ),
    ("core.v1.ResourceQuotaSpec", "scopes"): (
        "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass",
        "CrossNamespacePodAffinity", "VolumeAttributesClass",
    ),
    ("apps.v1.DeploymentStrategy", "type"): ("RollingUpdate", "Recreate"),
    ("apps.v1.StatefulSetUpdateStrategy", "type"): ("RollingUpdate", "OnDelete"),
    ("apps.v1.DaemonSetUpdateStrategy", "type"): ("RollingUpdate", "OnDelete"),
    ("apps.v1.StatefulSetSpec", "podManagementPolicy"): ("OrderedReady", "Parallel"),
    ("batch.v1.CronJobSpec", "concurrencyPolicy"): ("Allow", "Forbid", "Replace"),
    ("batch.v1.JobSpec", "completionMode"): ("NonIndexed", "Indexed"),
    ("networking.v1.HTTPIngressPath", "pathType"): (
        "Exact", "Prefix", "ImplementationSpecific",
    ),
    ("networking.v1.NetworkPolicySpec", "policyTypes"): ("Ingress", "Egress"),
    ("policy.v1.PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy"): (
        "IfHealthyBudget", "AlwaysAllow",
    ),
    ("storage.v1.StorageClass", "volumeBindingMode"): ("Immediate", "WaitForFirstConsumer"),
    ("storage.v1.StorageClass", "reclaimPolicy"): _POLICIES,
    ("rbac.v1.Subject", "kind"): ("User", "Group", "ServiceAccount"),
    ("autoscaling.v2.MetricTarget", "type"): ("Utilization", "Value", "AverageValue"),
    ("autoscaling.v2.MetricSpec", "type"): (
        "ContainerResource", "External", "Object", "Pods", "Resource",
    ),
    ("admissionregistration.v1.ValidatingWebhook", "failurePolicy"): ("Ignore", "Fail"),
    ("admissionregistration.v1.MutatingWebhook", "failurePolicy"): ("Ignore", "Fail"),
}  # fmt: skip
