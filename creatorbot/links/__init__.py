"""Short addresses and who came by them: codes, the release page as bytes, the visit journal, telling people from machines, totals."""
