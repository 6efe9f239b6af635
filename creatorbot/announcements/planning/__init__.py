"""When and where: hours, caps and quiet hours; what is announced by itself; who has to agree; the calendar."""
