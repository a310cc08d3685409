"""What the user settled in mooring.yaml: environments, choices, clusters."""
