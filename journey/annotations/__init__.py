"""What people keep about days: campaigns, incidents, releases, what no chart can know."""
