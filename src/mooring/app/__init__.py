"""What is meant by a stack, free of the words of Compose and of Kubernetes."""
