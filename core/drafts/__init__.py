"""What a draft of the lambdas does: standings of models, room to move, spread, agreement."""
