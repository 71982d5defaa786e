"""How alike pictures and models are: cosines, APS, orders of models, neighbours."""
