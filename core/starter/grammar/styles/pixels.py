"""Arithmetic on pictures that the styles share."""

import numpy as np
from PIL import Image, ImageFilter

from core.starter.grammar.palette import Rgb
from core.starter.grammar.pen import SIZE_PX, SUPERSAMPLING, Canvas

Pixels = np.ndarray  # (128, 128, 3) float32, 0 to 255
Mask = np.ndarray  # (128, 128, 1) float32, 0 to 1

LUMINANCE = np.array([0.3, 0.59, 0.11], np.float32)


def shrink(image: Image.Image) -> Pixels:
    """A supersampled picture at its finished size."""
    return np.asarray(image.resize((SIZE_PX, SIZE_PX), Image.Resampling.BOX), np.float32)


def shrink_mask(mask: np.ndarray) -> np.ndarray:
    """A supersampled mask at its finished size, (128, 128) float32."""
    blocks = mask.astype(np.float32).reshape(SIZE_PX, SUPERSAMPLING, SIZE_PX, SUPERSAMPLING)
    small: np.ndarray = blocks.mean((1, 3))
    return small


def outlines(canvas: Canvas, strength: float = 1.0, widen_px: int = 0) -> Mask:
    """Coverage of each pixel by outlines; `widen_px` in supersampled pixels."""
    lines = canvas.lines
    if widen_px:
        lines = lines.filter(ImageFilter.MaxFilter(2 * widen_px + 1))
    return np.clip(shrink(lines) / 255 * strength, 0, 1)[..., None]


def luminance(pixels: Pixels) -> np.ndarray:
    """Brightness of each pixel, (128, 128), 0 to 255."""
    return pixels @ LUMINANCE


def blur(pixels: Pixels, radius_px: float) -> Pixels:
    """A Gaussian blur."""
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius_px)), np.float32)


def mix(first: Pixels | Rgb, second: Pixels | Rgb, share: np.ndarray | float) -> Pixels:
    """`first` where the share is 0, `second` where it is 1."""
    a, b = np.asarray(first, np.float32), np.asarray(second, np.float32)
    return a * (1 - share) + b * share


def smooth_noise(rng: np.random.Generator, cells: int, size: int = SIZE_PX) -> np.ndarray:
    """Noise between -1 and 1 that varies over `cells` cells each way, (size, size)."""
    coarse = Image.fromarray(rng.random((cells, cells), np.float32) * 2 - 1)
    return np.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC), np.float32)


def displace(image: Image.Image, dx: np.ndarray, dy: np.ndarray) -> Image.Image:
    """Move each pixel by (dx, dy) pixels."""
    source = np.asarray(image)
    height, width = source.shape[:2]
    rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
    top = np.clip(rows + dy, 0, source.shape[0] - 1).astype(np.intp)
    left = np.clip(columns + dx, 0, source.shape[1] - 1).astype(np.intp)
    return Image.fromarray(source[top, left])


def saturate(pixels: Pixels, amount: float) -> Pixels:
    """Stretch colours away from their grey by `amount`."""
    grey = luminance(pixels)[..., None]
    stretched: Pixels = grey + (pixels - grey) * amount
    return stretched
