"""dlrm.json: what the parameter server (HPS) reads, every key of the published file with values from settings."""

from __future__ import annotations

import json

TABLE_FOLDER = "dlrm_embedding_table"


def dlrm_json(model, hps):
    """The text of dlrm.json. ``sparse_files`` is relative to the working folder of the process that loads it."""
    document = {
        "supportlonglong": False,
        "models": [
            {
                "model": model.name,
                "sparse_files": [TABLE_FOLDER],
                "num_of_worker_buffer_in_pool": hps.workers,
                "embedding_table_names": ["sparse_embedding0"],
                "embedding_vecsize_per_table": [model.embedding_width],
                "maxnum_catfeature_query_per_table_per_sample": [len(model.cardinalities)],
                "default_value_for_each_table": [hps.default_value],
                "deployed_device_list": list(hps.deployed_devices),
                "max_batch_size": hps.max_batch_size,
                "cache_refresh_percentage_per_iteration": hps.refresh_fraction,
                "hit_rate_threshold": hps.hit_rate_threshold,
                "gpucacheper": hps.gpu_cache_fraction,
                "gpucache": True,
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"
