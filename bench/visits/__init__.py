"""Who opens links, and what that costs us: labelled user agents for the rules; throughput, a stampede, kills, draining, memory."""
