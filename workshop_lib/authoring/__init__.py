"""For authors: from one percent source to notebooks, proofs and reports."""
