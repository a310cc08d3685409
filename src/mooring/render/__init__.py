"""From the objects of each environment to files: a kustomize tree, or finished manifests."""
