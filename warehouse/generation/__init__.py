"""Pictures made here: who asked for what, which models can, how pictures land."""
