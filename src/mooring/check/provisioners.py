"""
Volumes that one node at a time can mount, by what makes them.

Disks of clouds and folders of nodes are such; a claim for many nodes of them stays pending for
ever.  What is not listed may be able to share its volumes, and nothing is said of it.

Sources: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes,
https://github.com/kubernetes-sigs/aws-ebs-csi-driver, https://github.com/rancher/local-path-provisioner,
https://github.com/kubernetes-sigs/gcp-compute-persistent-disk-csi-driver,
https://github.com/kubernetes-sigs/azuredisk-csi-driver, https://github.com/digitalocean/csi-digitalocean,
https://github.com/hetznercloud/csi-driver, https://github.com/linode/linode-blockstorage-csi-driver,
https://github.com/topolvm/topolvm
"""

OF_ONE_NODE = frozenset(
    {
        "ebs.csi.aws.com",
        "ebs.csi.eks.amazonaws.com",
        "kubernetes.io/aws-ebs",
        "pd.csi.storage.gke.io",
        "kubernetes.io/gce-pd",
        "disk.csi.azure.com",
        "kubernetes.io/azure-disk",
        "dobs.csi.digitalocean.com",
        "csi.hetzner.cloud",
        "linodebs.csi.linode.com",
        "csi.scaleway.com",
        "block.csi.vultr.com",
        "csi.exoscale.com",
        "disk.csi.everest.io",
        "diskplugin.csi.alibabacloud.com",
        "topolvm.io",
        "local.csi.openebs.io",
        "openebs.io/local",
        "zfs.csi.openebs.io",
    }
)
"""Provisioners whose volumes, with a file system, never lie on several nodes."""

NAMED_OF_ONE_NODE = frozenset(
    {
        "gp2",
        "gp3",
        "standard-rwo",
        "premium-rwo",
        "managed-csi",
        "managed-csi-premium",
        "managed-premium",
        "do-block-storage",
        "do-block-storage-retain",
        "hcloud-volumes",
        "linode-block-storage",
        "linode-block-storage-retain",
        "scw-bssd",
        "vultr-block-storage",
    }
)
"""Names under which clouds set up classes of such volumes themselves."""
