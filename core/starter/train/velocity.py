"""What the UNet learns: the velocity between a picture and noise."""

import torch
from torch import Tensor, nn

from core.starter.train.timesteps import draw_timesteps
from core.starter.train.workplace import mixed_precision


def velocity_loss(
    unet: nn.Module, latents: Tensor, words: Tensor, signal_shares: Tensor, device: torch.device
) -> Tensor:
    """Mean squared error of the predicted velocity, timesteps stratified over the batch.

    `latents` (n, 16, 16, 16), `words` (n, 32, dim), `signal_shares` (1000,) by timestep.
    """
    timesteps = draw_timesteps(len(latents))
    signal = signal_shares[timesteps].view(-1, 1, 1, 1).to(device)
    latents = latents.to(device)
    noise = torch.randn(latents.shape).to(device)
    noisy = signal.sqrt() * latents + (1 - signal).sqrt() * noise
    velocity = signal.sqrt() * noise - (1 - signal).sqrt() * latents
    with mixed_precision(device):
        guess = unet(noisy, timesteps.to(device), words.to(device), return_dict=False)[0]
    loss: Tensor = (guess.float() - velocity).pow(2).mean()
    return loss
