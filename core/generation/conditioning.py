"""What a pipeline is told of its prompts, one by one alike whatever company they are in."""

from collections.abc import Sequence
from typing import Any

from core.errors import shortened
from core.generation.pipelines import EngineError
from core.generation.request import Request

# What decides a call besides the weights.
_ALIKE = ("width", "height", "steps", "cfg_scale", "sampler", "clip_skip", "guidance_rescale")
_XL_DEFAULT = 2  # XL's own reading is the last layer but one, which web UIs call 2


def check_alike(requests: Sequence[Request]) -> None:
    """Raises EngineError unless one call can compute them all."""
    if not requests:
        raise EngineError("No picture was asked for.")
    for name in _ALIKE:
        if len({getattr(request, name) for request in requests}) > 1:
            raise EngineError(
                f"Pictures of one batch differ in their {name.replace('_', ' ')}: only prompts and "
                "seeds may."
            )


def conditions(pipeline: Any, requests: Sequence[Request]) -> dict[str, Any]:
    """Arguments of the pipeline's call: prompts, or embeddings where those must be altered.

    Raises EngineError for a CLIP skip that leaves no layer.
    """
    import torch

    first = requests[0]
    prompts = [request.prompt for request in requests]
    negative = [request.negative_prompt for request in requests]
    _check_clip_skip(pipeline, first)
    with torch.no_grad():
        if getattr(pipeline, "text_encoder_2", None) is not None:
            return _xl_conditions(pipeline, prompts, negative, first)
        if first.clip_skip is None:
            return {"prompt": prompts, "negative_prompt": negative}
        # diffusers' own way does not find the norm in the text encoder of transformers 5, and
        # leaves the negative prompt as it is, other than web UIs.
        return {
            "prompt_embeds": _skipping(pipeline, prompts, first.clip_skip),
            "negative_prompt_embeds": _skipping(pipeline, negative, first.clip_skip),
        }


def _skipping(pipeline: Any, texts: list[str], clip_skip: int) -> Any:
    """What the text encoder's layer `clip_skip` from the end gives, brought to its usual scale."""
    tokens = pipeline.tokenizer(
        texts,
        padding="max_length",
        max_length=pipeline.tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    )
    encoder, device = pipeline.text_encoder, pipeline._execution_device
    masked = getattr(encoder.config, "use_attention_mask", False)
    layers = encoder(
        tokens.input_ids.to(device),
        attention_mask=tokens.attention_mask.to(device) if masked else None,
        output_hidden_states=True,
    ).hidden_states
    inner = getattr(encoder, "text_model", encoder)
    return inner.final_layer_norm(layers[-clip_skip])


def _xl_conditions(
    pipeline: Any, prompts: list[str], negative: list[str], request: Request
) -> dict[str, Any]:
    # XL's own reading is the last layer but one, from which diffusers counts on.
    skip = None if request.clip_skip is None else request.clip_skip - _XL_DEFAULT
    zeroes = pipeline.config.get("force_zeros_for_empty_prompt", False)
    if not zeroes or request.cfg_scale <= 1 or all(negative):
        return {"prompt": prompts, "negative_prompt": negative, "clip_skip": skip}
    embeds, against, pooled, against_pooled = pipeline.encode_prompt(
        prompts, negative_prompt=negative, clip_skip=skip, do_classifier_free_guidance=True
    )
    # Web UIs take zeros for an empty negative prompt; diffusers does so for a whole batch alone.
    for place, text in enumerate(negative):
        if not text:
            against[place] = 0
            against_pooled[place] = 0
    return {
        "prompt_embeds": embeds,
        "negative_prompt_embeds": against,
        "pooled_prompt_embeds": pooled,
        "negative_pooled_prompt_embeds": against_pooled,
    }


def _check_clip_skip(pipeline: Any, request: Request) -> None:
    encoders = (getattr(pipeline, part, None) for part in ("text_encoder", "text_encoder_2"))
    layers = min(int(each.config.num_hidden_layers) for each in encoders if each is not None)
    if (request.clip_skip or 0) > layers:
        raise EngineError(
            f"The text encoder of {shortened(request.model.name)} has {layers} layers: take a CLIP "
            f"skip of {layers} at most."
        )
