"""
The Kubernetes objects that we make, as frozen types that hold only fields that we mean.

A field that is None, or an empty tuple or mapping, is absent from the manifest; whatever else is
given is written, also where it equals the default of the API (``replicas=0``,
``read_only=False``, ``value=""``).  A type without values is written as ``{}``, which means
something: an empty pod selector selects every pod, an ``emptyDir: {}`` is a volume.

Field names are those of the API in snake case; the order of the fields is that of the manifest.

    meta          ObjectMeta, LabelSelector, and KubeObject, the base of every kind
    identity      Namespace, ServiceAccount
    configuration ConfigMap, Secret
    storage       PersistentVolumeClaim, PersistentVolume
    volumes       the volumes of a pod and how containers mount them
    probes        probes and lifecycle hooks
    security      security contexts
    containers    Container, environment, ports, resources
    scheduling    affinity, tolerations, spread
    pods          PodSpec, PodTemplate
    workloads     Deployment, StatefulSet, DaemonSet, Job, CronJob
    network       Service, Ingress, NetworkPolicy
    gateway       HTTPRoute
    runtime       RuntimeClass
    policy        PodDisruptionBudget, HorizontalPodAutoscaler, ResourceQuota
"""
