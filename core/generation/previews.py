"""What there is of a picture while it is denoised: small WebPs of what the model expects."""

import functools
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

SIDE_PX = 192
WEBP_QUALITY = 70
_PIXELS_PER_LATENT = 8
_LEAST_SIGNAL = 0.05  # share of signal under which noise can not be taken off by division


class Watch:
    """Looks over a scheduler's shoulder; it changes nothing of what the scheduler computes."""

    def __init__(self, scheduler: Any) -> None:
        self._scheduler = scheduler
        self._seen: tuple[Tensor, Tensor, float] | None = None
        step = scheduler.step

        @functools.wraps(step)  # pipelines read the signature
        def watched(model_output: "Tensor", timestep: Any, sample: "Tensor", **more: Any) -> Any:
            # In the scale in which the model saw it, which is the same for all schedulers.
            scaled = scheduler.scale_model_input(sample, timestep)
            self._seen = (model_output, scaled, float(timestep))
            return step(model_output, timestep, sample, **more)

        scheduler.step = watched

    def expected(self) -> "Tensor | None":
        """The latents without noise, as the model sees them at the latest step; float32."""
        if self._seen is None:
            return None
        output, scaled, timestep = self._seen
        output, scaled = output.float(), scaled.float()
        cumulated = self._scheduler.alphas_cumprod
        signal = float(cumulated[min(max(round(timestep), 0), len(cumulated) - 1)]) ** 0.5
        noise = (1 - signal**2) ** 0.5
        kind = self._scheduler.config.prediction_type
        if kind == "sample":
            return output
        if kind == "v_prediction":  # Salimans and Ho 2022, appendix D
            expected: Tensor = signal * scaled - noise * output
        else:
            expected = (scaled - noise * output) / max(signal, _LEAST_SIGNAL)
        return expected


def render_previews(pipeline: Any, latents: "Tensor | None") -> dict[int, bytes]:
    """Place -> WebP of at most 192 px a side; nothing before the first step.

    Latents are made smaller before they are decoded: a seventh of the work for 512 px.
    """
    if latents is None:
        return {}
    import torch

    with torch.inference_mode():
        small = _smaller(latents)
        vae = pipeline.vae
        config = vae.config
        was = vae.dtype
        # Some autoencoders overflow in half precision; there and back is exact.
        upcast = was == torch.float16 and getattr(config, "force_upcast", False)
        if upcast:
            vae.to(torch.float32)
        try:
            unscaled = small / config.scaling_factor
            pictures = [
                vae.decode(each.to(vae.dtype), return_dict=False)[0] for each in unscaled.split(1)
            ]
        finally:
            if upcast:
                vae.to(was)
        shown = pipeline.image_processor.postprocess(torch.cat(pictures).float(), output_type="pil")
    return {place: _webp(picture) for place, picture in enumerate(shown)}


def _smaller(latents: "Tensor") -> "Tensor":
    import torch.nn.functional

    height, width = latents.shape[-2:]
    most = SIDE_PX // _PIXELS_PER_LATENT
    if max(height, width) <= most:
        return latents
    shrink = most / max(height, width)
    size = (max(1, round(height * shrink)), max(1, round(width * shrink)))
    return torch.nn.functional.interpolate(latents, size, mode="area")


def _webp(picture: Any) -> bytes:
    picture.thumbnail((SIDE_PX, SIDE_PX))
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=WEBP_QUALITY)
    return buffer.getvalue()
