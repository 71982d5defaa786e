"""What a picture is made from: requests and recipes, samplers, grids, rosters, PNG texts."""
