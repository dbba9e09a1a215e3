"""The tagger as a PyTorch module: a BERT encoder with an embedding of word shapes, and a chain of tags on top."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from models.entities.texts.labels import TAGS

__all__ = ["TaggerNetwork", "chain_loss", "forbidden", "marginals", "word_loss"]

IMPOSSIBLE = -1e4
"""Score of a tag or transition that is not allowed."""

POOL = 1 << 22
"""Random numbers in the pool for dropout."""


class Dropout(nn.Module):
    """Dropout with random numbers from a pool, because drawing new ones takes longer than the layers on a CPU."""

    pool: torch.Tensor = torch.empty(0)

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.share == 0:
            return x
        if Dropout.pool.numel() == 0:
            Dropout.pool = (torch.rand(POOL) >= self.share).float() / (1 - self.share)
        n = x.numel()
        start = int(torch.randint(POOL - n, ()))
        return x * Dropout.pool[start : start + n].view_as(x)


class Layer(nn.Module):
    """One transformer layer of BERT, with norms after the sums."""

    def __init__(self, size: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm1 = nn.LayerNorm(size, eps=1e-12)
        self.up = nn.Linear(size, inner)
        self.down = nn.Linear(inner, size)
        self.norm2 = nn.LayerNorm(size, eps=1e-12)
        self.dropout = Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        batch, length, size = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, size // self.heads).permute(2, 0, 3, 1, 4)
        with torch.autocast("cpu", enabled=False):  # its backward pass in half precision is slower than all the rest
            seen = F.scaled_dot_product_attention(q.float(), k.float(), v.float(), attn_mask=bias)
        x = self.norm1(x + self.dropout(self.out(seen.transpose(1, 2).reshape(batch, length, size))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class TaggerNetwork(nn.Module):
    """Scores each word's tags from its first piece.

    Args:
        shapes: number of word shapes.
    """

    def __init__(
        self,
        *,
        shapes: int,
        vocabulary: int = 30522,
        size: int = 384,
        layers: int = 6,
        heads: int = 12,
        inner: int = 1536,
        positions: int = 512,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, size)
        self.positions = nn.Embedding(positions, size)
        self.shapes = nn.Embedding(shapes, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList([Layer(size, heads, inner, dropout) for _ in range(layers)])
        self.head = nn.Linear(size, len(TAGS))
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.shapes.weight, std=0.01)

    def forward(self, ids: torch.Tensor, shapes: torch.Tensor, firsts: torch.Tensor) -> torch.Tensor:
        """Return the scores of tags, [batch, words, tags].

        Args:
            ids: pieces, [batch, length]; 0 is padding.
            shapes: shape of each piece's word, [batch, length].
            firsts: index of each word's first piece, [batch, words].
        """
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes)
        x = self.dropout(self.norm(x))
        bias = torch.where(ids == 0, IMPOSSIBLE, 0.0)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        x = torch.gather(x, 1, firsts[:, :, None].expand(-1, -1, x.shape[2]))
        return self.head(self.dropout(x))

    def start_from(self, bert: dict[str, torch.Tensor]) -> None:
        """Load the weights of a BERT encoder."""
        own = {
            "words.weight": bert["embeddings.word_embeddings.weight"],
            "positions.weight": bert["embeddings.position_embeddings.weight"]
            + bert["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": bert["embeddings.LayerNorm.weight"],
            "norm.bias": bert["embeddings.LayerNorm.bias"],
        }
        for i in range(len(self.layers)):
            theirs = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                own[f"layers.{i}.qkv.{kind}"] = torch.cat(
                    [bert[f"{theirs}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                )
                for mine, name in (
                    ("out", "attention.output.dense"),
                    ("norm1", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm2", "output.LayerNorm"),
                ):
                    own[f"layers.{i}.{mine}.{kind}"] = bert[f"{theirs}{name}.{kind}"]
        missing, unknown = self.load_state_dict(own, strict=False)
        if unknown or set(missing) != {"shapes.weight", "head.weight", "head.bias", "transitions"}:
            raise ValueError(f"not the encoder that the tagger stands on: {unknown or missing}")


def forbidden() -> torch.Tensor:
    """Return scores that make it impossible for an inside tag to follow a tag of another class."""
    scores = torch.zeros(len(TAGS), len(TAGS))
    for j, tag in enumerate(TAGS):
        if tag.startswith("I-"):
            for i, before in enumerate(TAGS):
                if before not in (tag, f"B-{tag[2:]}"):
                    scores[i, j] = IMPOSSIBLE
    return scores


def chain_loss(scores: torch.Tensor, transitions: torch.Tensor, allowed: torch.Tensor, counts: Any) -> torch.Tensor:
    """Return the negative log-likelihood of all chains of allowed tags, summed over the batch.

    Args:
        scores: scores of tags, [batch, words, tags].
        transitions: scores of transitions, including impossible ones, [tags, tags].
        allowed: whether a tag is allowed, [batch, words, tags].
        counts: number of words of each item, [batch].
    """
    batch = scores.shape[0]
    both = torch.cat([scores, scores.masked_fill(~allowed, IMPOSSIBLE)])
    total = _all_chains(both, transitions, torch.cat([counts, counts]))
    return (total[:batch] - total[batch:]).sum()


def marginals(scores: torch.Tensor, transitions: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Return the probability of each tag over all chains, [batch, words, tags]; see `chain_loss` for the arguments."""
    with torch.enable_grad():
        scores = scores.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(_all_chains(scores, transitions.detach(), counts).sum(), scores)
    return gradient


def _all_chains(scores: torch.Tensor, transitions: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Return the logarithm of the summed weights of all chains, [batch]."""
    state = scores[:, 0] + forbidden()[0]  # the start of a text is like the word before it being outside
    states = [state]
    for i in range(1, scores.shape[1]):
        state = torch.logsumexp(state[:, :, None] + transitions, dim=1) + scores[:, i]
        states.append(state)
    ends = torch.stack(states, dim=1)[torch.arange(len(scores)), counts - 1]
    return torch.logsumexp(ends, dim=1)


def word_loss(scores: torch.Tensor, allowed: torch.Tensor, counts: Any) -> torch.Tensor:
    """Return the negative log-likelihood of the allowed tags of each word alone, summed over the batch.

    Args:
        scores: scores of tags, [batch, words, tags].
        allowed: whether a tag is allowed, [batch, words, tags].
        counts: number of words of each item, [batch].
    """
    real = torch.arange(scores.shape[1]) < counts[:, None]
    open_ones = torch.logsumexp(scores.masked_fill(~allowed, IMPOSSIBLE), dim=2)
    return ((torch.logsumexp(scores, dim=2) - open_ones) * real).sum()
