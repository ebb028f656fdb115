"""What runs in the hub process: requests, plans, policy, spawners and the link to the service."""
