"""What a calculation computed: cards, convergence, band structures, and how they are drawn."""
