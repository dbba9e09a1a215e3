"""Trains the tagger on the CPU: one process per core, which average their weights every few steps."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from dateline_enrich.entities.network.encoding import SHAPES
from safetensors.torch import load_file, save_file

from models.entities.network import TaggerNetwork, chain_loss, forbidden, word_loss
from models.entities.texts.augmentation import Bank
from models.entities.texts.batches import Mixture, batch, epoch
from models.entities.texts.examples import Sentence

__all__ = ["TrainingPlan", "mean", "train"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """The parameters of a training."""

    steps: int
    """Steps of each worker."""

    budget: int = 512
    """Maximum pieces in a batch of one worker."""

    rate: float = 2e-4
    """Peak learning rate of the last layer; each layer has `decay` times the rate of the layer above."""

    decay: float = 0.85
    head_rate: float = 1.5e-3
    warmup: float = 0.06
    """Share of the steps in which the rate rises."""

    weight_decay: float = 0.01
    average: float = 0.98
    """Decay of the running average of the weights, which is the result; it is updated every fourth step."""

    together: int = 24
    """The workers average their weights after this many steps."""

    chain: bool = True
    """Use the sequence loss (CRF) instead of a loss per word."""

    shapes: bool = True
    """Whether the network reads the shapes of words."""

    half: bool = False
    """Whether layers are computed in bfloat16, which is twice as fast with AMX and slower without."""

    workers: int = 2
    minutes: float | None = None
    """Duration of the training instead of a number of steps; such a training cannot be repeated exactly."""

    seed: int = 1


Texts = Sequence[tuple[Sequence[Sentence], float]]
"""The sentences and the weight of each text."""


def train(texts: Texts, bank: Bank, mixture: Mixture, plan: TrainingPlan, start: Path, result: Path) -> None:
    """Train and write the averaged weights.

    Args:
        texts: the sentences and the weight of each text.
        bank: the names that replace others.
        mixture: shares of changes.
        plan: the parameters.
        start: initial weights, of the encoder or of a tagger.
        result: file of the weights, which is also written from time to time during the training.
    """
    children = []
    port = 20000 + os.getpid() % 20000
    for rank in range(1, plan.workers):
        child = os.fork()
        if child == 0:
            _work(rank, texts, bank, mixture, plan, start, result, port)
            os._exit(0)
        children.append(child)
    _work(0, texts, bank, mixture, plan, start, result, port)
    for child in children:
        os.waitpid(child, 0)


def mean(weights: Sequence[Path], result: Path) -> None:
    """Write the mean of several weights."""
    loaded = [load_file(path) for path in weights]
    save_file({name: sum(w[name] for w in loaded) / len(loaded) for name in loaded[0]}, result)


def _work(
    rank: int, texts: Texts, bank: Bank, mixture: Mixture, plan: TrainingPlan, start: Path, result: Path, port: int
) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed * 100 + rank)
    if plan.workers > 1:
        dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=plan.workers)
    network = TaggerNetwork(shapes=SHAPES)
    weights = load_file(start)
    if "transitions" in weights:
        network.load_state_dict(weights)
    else:
        torch.manual_seed(plan.seed)
        network.start_from(weights)
        torch.manual_seed(plan.seed * 100 + rank)
    network.words.weight.requires_grad_(False)
    if not plan.shapes:
        network.shapes.weight.requires_grad_(False).zero_()
    network.train()
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(_groups(network, plan), weight_decay=plan.weight_decay, fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]
    averaged = [p.detach().clone() for p in parameters]
    rng = random.Random(plan.seed)
    fixed = forbidden()
    step, begin, losses, pieces = 0, time.monotonic(), 0.0, 0
    done = 0.0
    while done < 1:
        for i, windows in enumerate(epoch(texts, bank, mixture, plan.budget, rng)):
            if i % plan.workers != rank:
                continue
            if done >= 1:
                break
            scale = min((done + 0.002) / plan.warmup, (1 - done) / (1 - plan.warmup))
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * scale
            b = batch(windows)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half):
                scores = network(b.ids, b.shapes, b.firsts).float()
            if plan.chain:
                loss = chain_loss(scores, network.transitions + fixed, b.allowed, b.counts) / b.counts.sum()
            else:
                loss = word_loss(scores, b.allowed, b.counts) / b.counts.sum()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            step += 1
            if plan.minutes is None:
                done = step / plan.steps
            elif plan.workers == 1:
                done = (time.monotonic() - begin) / 60 / plan.minutes
            losses += float(loss.detach())
            pieces += b.ids.numel()
            if plan.workers > 1 and step % plan.together == 0:
                clock = torch.tensor([time.monotonic() - begin])
                flat = torch.cat([p.detach().view(-1) for p in parameters] + [clock])
                dist.all_reduce(flat)
                flat /= plan.workers
                torch.nn.utils.vector_to_parameters(flat[:-1], parameters)
                if plan.minutes is not None:
                    done = min(1.0, float(flat[-1]) / 60 / plan.minutes)
            if step % 4 == 0:
                decay = min(plan.average, step / (step + 40))
                torch._foreach_mul_(averaged, decay)
                torch._foreach_add_(averaged, [p.detach() for p in parameters], alpha=1 - decay)
            if rank == 0 and step % 50 == 0:
                seconds = time.monotonic() - begin
                print(
                    json.dumps(
                        {
                            "step": step,
                            "loss": round(losses / 50, 4),
                            "seconds": round(seconds),
                            "pieces_per_second": round(pieces / seconds),
                        }
                    ),
                    flush=True,
                )
                losses = 0.0
            if rank == 0 and (step % 60 == 0 or done >= 1):
                _save(network, parameters, averaged, result)
    if plan.workers > 1:
        dist.barrier()
        dist.destroy_process_group()


def _groups(network: TaggerNetwork, plan: TrainingPlan) -> list[dict[str, object]]:
    depth = len(network.layers)
    groups: list[dict[str, object]] = [
        {"params": list(layer.parameters()), "lr": plan.rate * plan.decay ** (depth - 1 - i)}
        for i, layer in enumerate(network.layers)
    ]
    low = [network.positions.weight, network.norm.weight, network.norm.bias]
    groups.append({"params": low, "lr": plan.rate * plan.decay**depth})
    new = [network.transitions, *network.head.parameters()]
    groups.append({"params": [network.shapes.weight, *new] if plan.shapes else new, "lr": plan.head_rate})
    return groups


def _save(
    network: TaggerNetwork, parameters: list[torch.nn.Parameter], averaged: list[torch.Tensor], path: Path
) -> None:
    names = {id(p): name for name, p in network.named_parameters()}
    state = {name: value.detach().clone() for name, value in network.state_dict().items()}
    for parameter, value in zip(parameters, averaged, strict=True):
        state[names[id(parameter)]] = value
    save_file(state, path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)
