"""What each container is promised and may take, and how many of it run."""
