"""
What the configuration of an nginx or a Caddy says: where it listens, whom it passes requests on to.

Such files lie in mounts and in the folders from which images are built.  Their routes become rules
of an Ingress; names that change are changed in them; what only Docker has is found in them.
"""
