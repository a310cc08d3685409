"""From an application and an environment to the objects that a cluster is to hold."""
