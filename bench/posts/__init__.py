"""What the benchmark of sending is made of: a lossy server, the neighbours, a plain loop, and workers that can be killed."""
