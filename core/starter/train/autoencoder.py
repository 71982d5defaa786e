"""Stage `autoencoder`: an AutoencoderTiny whose encoder is an exact linear patch PCA."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.starter.manifest import BASE_FOLDER
from core.starter.train.drawings import finished_shards, read_shard
from core.starter.train.workplace import training_folder

if TYPE_CHECKING:
    import torch
    from diffusers import AutoencoderTiny

LATENT_CHANNELS = 16
PATCH_PX = 8
PATCH_SIZE = PATCH_PX * PATCH_PX * 3
GRID = 128 // PATCH_PX
# Latents of the pipeline are these times the scaling factor: about 1 for the strongest component.
LATENT_STD, WHITENING = 0.5, 0.12
SCALING_FACTOR = 2.0


def build_autoencoder(folder: Path) -> "AutoencoderTiny":
    """Fit the PCA on drawn pictures, write it into the encoder, save with an untrained decoder."""
    import torch
    from diffusers import AutoencoderTiny

    torch.manual_seed(0)
    weights, bias = fit_patch_pca()
    autoencoder = AutoencoderTiny(
        encoder_block_out_channels=(48,) * 4,
        decoder_block_out_channels=(40,) * 4,
        num_encoder_blocks=(0, 0, 0, 0),
        num_decoder_blocks=(3, 3, 2, 0),
        latent_channels=LATENT_CHANNELS,
        scaling_factor=SCALING_FACTOR,
    )
    _write_encoder(autoencoder, weights, bias)
    autoencoder.save_pretrained(folder)
    return autoencoder


def load_autoencoder() -> "AutoencoderTiny":
    """The autoencoder under training here, or else the shipped one."""
    import torch
    from diffusers import AutoencoderTiny

    trained = training_folder("vae")
    folder = trained if (trained / "config.json").exists() else BASE_FOLDER / "vae"
    if not (folder / "config.json").exists():
        raise FileNotFoundError("No autoencoder yet: run `python -m core.starter.train patches`.")
    return AutoencoderTiny.from_pretrained(folder, torch_dtype=torch.float32)


def cut_patches(pictures: np.ndarray) -> np.ndarray:
    """(n, 128, 128, 3) uint8 to (n, 256, 192) float32, 0 to 1, row by row."""
    cut = pictures.reshape(len(pictures), GRID, PATCH_PX, GRID, PATCH_PX, 3)
    return cut.transpose(0, 1, 3, 2, 4, 5).reshape(-1, GRID * GRID, PATCH_SIZE) / np.float32(255)


def fit_patch_pca() -> tuple[np.ndarray, np.ndarray]:
    """Weights (channels, 192) and bias (channels,) that give nearly whitened components."""
    shards = finished_shards()[:3]
    if not shards:
        raise FileNotFoundError("No pictures yet: run `python -m core.starter.train data`.")
    patches = np.concatenate([cut_patches(read_shard(shard)) for shard in shards])
    patches = patches.reshape(-1, PATCH_SIZE)
    mean = patches.mean(0)
    variances, vectors = np.linalg.eigh(np.cov((patches - mean)[::3].T))
    variances, vectors = variances[::-1][:LATENT_CHANNELS], vectors[:, ::-1][:, :LATENT_CHANNELS]
    scale = LATENT_STD / np.sqrt(variances) * (variances / variances[0]) ** WHITENING
    weights = (vectors * scale).T
    return weights.astype(np.float32), (-weights @ mean).astype(np.float32)


def _write_encoder(autoencoder: "AutoencoderTiny", weights: np.ndarray, bias: np.ndarray) -> None:
    """Route 2x2 neighbours into channels three times, then apply the PCA: exactly linear."""
    import torch

    layers = [layer for layer in autoencoder.encoder.layers if isinstance(layer, torch.nn.Conv2d)]
    by_pixel = torch.from_numpy(weights).view(-1, PATCH_PX, PATCH_PX, 3)
    with torch.no_grad():
        for layer in layers:
            layer.weight.zero_()
            if layer.bias is not None:
                layer.bias.zero_()
        for channel in range(3):
            layers[0].weight[channel, channel, 1, 1] = 1
        for quarter in range(4):
            top, left = divmod(quarter, 2)
            for channel in range(3):
                layers[1].weight[quarter * 3 + channel, channel, 1 + top, 1 + left] = 1
            for channel in range(12):
                layers[2].weight[quarter * 12 + channel, channel, 1 + top, 1 + left] = 1
        _write_projection(layers[3].weight, by_pixel)
        for channel in range(len(weights)):
            layers[4].weight[channel, channel, 1, 1] = 1
        assert layers[4].bias is not None
        layers[4].bias.copy_(torch.from_numpy(bias))


def _write_projection(target: "torch.Tensor", by_pixel: "torch.Tensor") -> None:
    """Weights of the third halving: 48 channels of a 4x4 block each, four blocks a patch."""
    for block in range(4):
        block_top, block_left = divmod(block, 2)
        for middle in range(4):
            middle_top, middle_left = divmod(middle, 2)
            for inner in range(4):
                inner_top, inner_left = divmod(inner, 2)
                row = block_top * 4 + middle_top * 2 + inner_top
                column = block_left * 4 + middle_left * 2 + inner_left
                for channel in range(3):
                    target[
                        : len(by_pixel),
                        middle * 12 + inner * 3 + channel,
                        1 + block_top,
                        1 + block_left,
                    ] = by_pixel[:, row, column, channel]


class PatchEncoder:
    """The autoencoder's encoder as one matrix: thousands of pictures a second."""

    def __init__(self, autoencoder: "AutoencoderTiny") -> None:
        """Read the matrix off the encoder by giving it one lit input value at a time."""
        import torch

        probes = torch.full((PATCH_SIZE + 1, 3, PATCH_PX, PATCH_PX), -1.0)
        for index in range(PATCH_SIZE):
            row, rest = divmod(index, PATCH_PX * 3)
            column, channel = divmod(rest, 3)
            probes[index + 1, channel, row, column] = 1.0
        with torch.no_grad():
            answers = autoencoder.encode(probes).latents[:, :, 0, 0].double().numpy()
        self.bias = answers[0].astype(np.float32)  # (channels,)
        self.weights = (answers[1:] - answers[0]).astype(np.float32)  # (192, channels)
        self.scaling_factor = float(autoencoder.config.scaling_factor)

    def encode(self, pictures: np.ndarray) -> np.ndarray:
        """(n, 128, 128, 3) uint8 to scaled latents (n, channels, 16, 16) float16."""
        latents = (cut_patches(pictures) @ self.weights + self.bias) * self.scaling_factor
        shaped = latents.reshape(len(pictures), GRID, GRID, -1).transpose(0, 3, 1, 2)
        return np.ascontiguousarray(shaped, np.float16)
