"""What the commands that speak to a cluster have in common."""
