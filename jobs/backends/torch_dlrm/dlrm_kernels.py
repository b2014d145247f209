"""The GPU kernels of torch_dlrm, in OpenAI Triton: lookup with interaction, the bottom MLP, the end of the top MLP.

Floats are accumulated in fp32 whatever the type of rows and weights. Host memory that is registered with CUDA is read
and written in place: pass its address as an integer, and the kernels make a pointer of it.
"""

import triton
import triton.language as tl


@triton.jit
def _pointer(at, kind: tl.constexpr):
    """An address as a pointer; a tensor is a pointer already."""
    return at if tl.constexpr(at.dtype.is_ptr()) else at.to(tl.int64).to(tl.pointer_type(kind))


@triton.jit
def lookup_interaction(
    keys_at,
    lows,
    counts,
    bottom,
    table,
    places,
    host_at,
    out,
    wrong_at,
    out_width,
    SLOTS: tl.constexpr,
    VECTORS: tl.constexpr,
    WIDTH: tl.constexpr,
    CACHED: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """One sample: its 26 rows and its bottom vector, to the bottom vector and the products of all pairs.

    keys int32 (N, SLOTS) global; lows, counts int32 (SLOTS,): the keys each slot allows; bottom (N, WIDTH); out (N,
    out_width): WIDTH bottom values, then the product of vectors i < j at WIDTH + j * (j - 1) / 2 + i, the bottom vector
    being the last. VECTORS: SLOTS + 1 rounded up to a power of two.
    A row is read once: from ``table`` (rows, WIDTH), or with CACHED from row places[key] of it where that is not below
    0 and else from the host's table. A key outside its slot is looked up as the slot's first, and ``wrong`` becomes 1.
    """
    sample = tl.program_id(0).to(tl.int64)
    slot = tl.arange(0, VECTORS)
    column = tl.arange(0, WIDTH)
    is_slot = slot < SLOTS
    key = tl.load(_pointer(keys_at, tl.int32) + sample * SLOTS + slot, mask=is_slot, other=0)
    low = tl.load(lows + slot, mask=is_slot, other=0)
    count = tl.load(counts + slot, mask=is_slot, other=1)
    wrong = is_slot & ((key < low) | (key - low >= count))
    if tl.max(wrong.to(tl.int32), axis=0) > 0:
        tl.store(_pointer(wrong_at, tl.int32), 1)
    row = tl.where(wrong, low, key).to(tl.int64)
    if CACHED:
        place = tl.load(places + row, mask=is_slot, other=-1)
        hit = is_slot & (place >= 0)
        missed = is_slot & (place < 0)
        at = place.to(tl.int64)[:, None] * WIDTH + column[None, :]
        vectors = tl.load(table + at, mask=hit[:, None], other=0.0)
        host = _pointer(host_at, table.dtype.element_ty)
        vectors += tl.load(host + row[:, None] * WIDTH + column[None, :], mask=missed[:, None], other=0.0)
    else:
        vectors = tl.load(table + row[:, None] * WIDTH + column[None, :], mask=is_slot[:, None], other=0.0)
    last = tl.load(bottom + sample * WIDTH + column)
    vectors = tl.where((slot == SLOTS)[:, None], last[None, :].to(vectors.dtype), vectors).to(last.dtype)
    products = tl.dot(vectors, tl.trans(vectors), input_precision=PRECISION)
    first, second = slot[None, :], slot[:, None]
    start = out + sample * out_width
    tl.store(start + column, last)
    at = WIDTH + second * (second - 1) // 2 + first
    tl.store(start + at, products.to(last.dtype), mask=(first < second) & (second <= SLOTS))


@triton.jit
def _admit(key, slot, lows, counts, table, places, owners, cursor, host, capacity, turn, column, WIDTH: tl.constexpr):
    """Copies one row into the cache, unless it is there or on its way.

    For programs of one warp: its lanes load at once, so all see the same of what other programs change.
    """
    low = tl.load(lows + slot)
    inside = (key >= low) & (key - low < tl.load(counts + slot))
    row = tl.where(inside, key, low).to(tl.int64)
    if tl.load(places + row) == -1:  # noqa: SIM102 - a kernel evaluates both sides of an "and"
        if tl.atomic_cas(places + row, -1, -2) == -1:
            given = tl.atomic_add(cursor, 1)
            if given - turn < capacity:
                place = given % capacity
                owner = tl.load(owners + place)
                tl.store(places + owner, -1)
                tl.store(table + place * WIDTH + column, tl.load(host + row * WIDTH + column))
                tl.store(owners + place, row.to(tl.int32))
                tl.store(places + row, place.to(tl.int32))
            else:
                tl.store(places + row, -1)


@triton.jit
def admit_missed(
    keys_at,
    lows,
    counts,
    table,
    places,
    owners,
    cursor,
    turn_at,
    host_at,
    total,
    capacity,
    SLOTS: tl.constexpr,
    WIDTH: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """After a lookup: copies rows that were missed into the cache, in place of those that came first.

    BLOCK keys a program, of ``total`` in all; most programs find nothing missed and end. places[row]: the row's place,
    -1 outside, -2 while it is being copied; owners[place]: its row; cursor (1,): places given out since the start, turn
    (1,): the same before this request, both int64. At most ``capacity`` rows come in at once, so that no place is given
    twice.
    """
    first = tl.program_id(0) * BLOCK
    number = first + tl.arange(0, BLOCK)
    keys = _pointer(keys_at, tl.int32)
    key = tl.load(keys + number, mask=number < total, other=0)
    slot = number % SLOTS
    low = tl.load(lows + slot)
    inside = (number < total) & (key >= low) & (key - low < tl.load(counts + slot))
    place = tl.load(places + key, mask=inside, other=0)
    if tl.min(place, axis=0) < 0:
        column = tl.arange(0, WIDTH)
        host = _pointer(host_at, table.dtype.element_ty)
        turn = tl.load(turn_at)
        for at in range(first, min(first + BLOCK, total)):
            _admit(
                tl.load(keys + at), at % SLOTS, lows, counts, table, places, owners, cursor, host, capacity, turn,
                column, WIDTH,
            )  # fmt: skip


@triton.jit
def bottom_mlp(
    dense_at,
    w1,
    b1,
    w2,
    b2,
    w3,
    b3,
    out,
    samples,
    FEATURES: tl.constexpr,
    PADDED: tl.constexpr,
    H1: tl.constexpr,
    H2: tl.constexpr,
    WIDTH: tl.constexpr,
    BLOCK: tl.constexpr,
    CHUNK: tl.constexpr,
):
    """BLOCK samples through three layers with ReLU; what lies between them stays on the chip.

    dense float32 (N, FEATURES); weights (inputs, outputs) and out (N, WIDTH) in one type; biases float32.
    """
    row = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    feature = tl.arange(0, PADDED)
    units = tl.arange(0, H2)
    inside = (row < samples)[:, None]
    x = tl.load(
        _pointer(dense_at, tl.float32) + row[:, None] * FEATURES + feature[None, :],
        mask=inside & (feature < FEATURES)[None, :],
        other=0.0,
    ).to(w1.dtype.element_ty)
    second = tl.zeros((BLOCK, H2), dtype=tl.float32)
    for start in range(0, H1, CHUNK):
        unit = start + tl.arange(0, CHUNK)
        weights = tl.load(w1 + feature[:, None] * H1 + unit[None, :], mask=(feature < FEATURES)[:, None], other=0.0)
        first = tl.maximum(tl.dot(x, weights) + tl.load(b1 + unit)[None, :], 0.0).to(x.dtype)
        second = tl.dot(first, tl.load(w2 + unit[:, None] * H2 + units[None, :]), second)
    second = tl.maximum(second + tl.load(b2 + units)[None, :], 0.0).to(x.dtype)
    column = tl.arange(0, WIDTH)
    third = tl.dot(second, tl.load(w3 + units[:, None] * WIDTH + column[None, :]))
    third = tl.maximum(third + tl.load(b3 + column)[None, :], 0.0)
    tl.store(out + row[:, None] * WIDTH + column[None, :], third.to(x.dtype), mask=inside)


@triton.jit
def last_layers(
    x,
    w,
    b,
    w_last,
    b_last,
    out_at,
    samples,
    INPUTS: tl.constexpr,
    UNITS: tl.constexpr,
    BLOCK: tl.constexpr,
    CHUNK: tl.constexpr,
):
    """BLOCK samples through the last hidden layer (ReLU) and the last unit (sigmoid): x (N, INPUTS) to scores (N,).

    w (INPUTS, UNITS) in x's type; b, w_last (UNITS,), b_last (1,) and the scores float32.
    """
    row = (tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)).to(tl.int64)
    unit = tl.arange(0, UNITS)
    inside = row < samples
    hidden = tl.zeros((BLOCK, UNITS), dtype=tl.float32)
    for start in range(0, INPUTS, CHUNK):
        entry = start + tl.arange(0, CHUNK)
        part = tl.load(x + row[:, None] * INPUTS + entry[None, :], mask=inside[:, None], other=0.0)
        hidden = tl.dot(part, tl.load(w + entry[:, None] * UNITS + unit[None, :]), hidden)
    hidden = tl.maximum(hidden + tl.load(b + unit)[None, :], 0.0)
    logit = tl.sum(hidden * tl.load(w_last + unit)[None, :], axis=1) + tl.load(b_last)
    tl.store(_pointer(out_at, tl.float32) + row, 1.0 / (1.0 + tl.exp(-logit)), mask=inside)
