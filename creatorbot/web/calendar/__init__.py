"""The Calendar and what belongs to it: what goes out when, the artist's hours and manners, boosts, an owner's yes."""
