"""What Kubernetes does with objects, as pure functions over anybody's manifests."""
