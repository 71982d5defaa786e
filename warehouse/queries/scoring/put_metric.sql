-- Tell of a metric what its file says.
insert or replace into metrics (metric, label, description, scope, larger_is_better)
values ($metric, $label, $description, $scope, $larger_is_better);
