"""What every page stands in: cookies, headers, errors, forms, and how money and times are shown."""
