"""
Near-clones that form one cluster: which they are, what tells them apart, and what they become.

Compose knows no replicas with a name and a disk of their own, so a cluster is written down member
by member: `mongodb-1`, `mongodb-2`, `mongodb-3`.  Kubernetes has StatefulSets for just that.
"""
