"""From a Compose project to the application that it means, with an account of every value."""
