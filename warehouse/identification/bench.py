"""How well each method identifies the models here: questions from prompts that were kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.identification.evaluation import Interval, Tasks, task_scores, top1_difference
from core.identification.matching import METHODS, MethodName
from core.identification.specification import Floats
from warehouse.database import Warehouse
from warehouse.identification.ablations import Ablations, ablations
from warehouse.identification.queries import Line, drawn_tasks, kept_apart_queries, lines
from warehouse.identification.specifications import PromptSet, specifications
from warehouse.identification.tuning import MOST_EXAMPLES, OnProgress, Tuning, fitted, tuning
from warehouse.reads import identification as reads

EXAMPLES = tuple(range(1, MOST_EXAMPLES + 1))
COMPARED: tuple[tuple[MethodName, MethodName], ...] = (
    *(("pmi", other) for other in METHODS if other not in ("pmi", "best")),
    ("best", "pmi"),
    ("best", "moments"),
)


@dataclass(frozen=True)
class Difference:
    """Top-1 accuracy of one method minus another's, on the same questions."""

    one: str
    other: str
    examples: int
    top1: Interval


@dataclass(frozen=True)
class Bench:
    """Everything that `identify bench` says."""

    encoder: str
    prompt_set: PromptSet
    models: int
    specification_pictures: int
    specification_prompts: int
    queries: int
    query_prompts: int
    left_out: int  # query pictures of models without a specification
    tunings: tuple[Tuning, ...]
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]
    ablations: Ablations | None


def bench(
    warehouse: Warehouse,
    encoder: str,
    *,
    prompt_set: PromptSet = "default",
    with_ablations: bool = True,
    on_progress: OnProgress = lambda what, done, total: None,
) -> Bench:
    """Tables of the benchmark on the queries of `warehouse`; nothing is tuned on these.

    Raises NoSpecificationsError, and SpecificationError where there are no queries or where a query
    prompt is among the specifications.
    """
    known = specifications(warehouse, encoder, prompt_set)
    models = reads.identifiable_models(warehouse)
    downloads = dict(zip(models["model_version_id"], models["downloads"], strict=True))
    queries = kept_apart_queries(warehouse, encoder, known.known)
    tasks = {count: drawn_tasks(queries, count) for count in EXAMPLES}
    tunings: list[Tuning] = []
    scores: dict[str, Floats] = {}
    for done, method in enumerate(METHODS):
        on_progress("methods", done, len(METHODS))
        tuned = tuning(warehouse, known, method, downloads)
        scores[method] = fitted(known.known, tuned, downloads).scores(queries.requirement)
        tunings.append(tuned)
    on_progress("methods", len(METHODS), len(METHODS))
    varied = None
    if with_ablations:
        varied = ablations(warehouse, known, queries, tasks, downloads, on_progress)
    return Bench(
        encoder,
        prompt_set,
        len(known.known.model_ids),
        len(known.image_ids),
        len(known.known.prompt_ids),
        len(queries.models),
        len(set(queries.prompts.tolist())),
        queries.left_out,
        tuple(tunings),
        lines(scores, tasks),
        _differences(scores, tasks),
        varied,
    )


def _differences(
    scores: Mapping[str, Floats], tasks: Mapping[int, Tasks]
) -> tuple[Difference, ...]:
    found = []
    for count, drawn in tasks.items():
        if len(drawn.rows):
            of = {name: task_scores(scores[name], drawn) for name in METHODS}
            found += [
                Difference(one, other, count, top1_difference(of[one], of[other], drawn))
                for one, other in COMPARED
            ]
    return tuple(found)
