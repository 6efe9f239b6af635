"""Which link, and so which post, a payment is credited to, and how sure that is. Knows money and posts; decides on plain data."""
