"""The artist is told: what happened as rows, read from the rows it happened to; on Home, and by mail to those who wish it."""
