"""edit_profile.py FROM TO: opens a profile as a user of PyTorch would, checks what it says, changes one rating.

Exits with 77 where this Python has no PyTorch."""
import sys

try:
    import torch
except ImportError:
    sys.exit(77)

profile = torch.load(sys.argv[1], weights_only=True)
assert type(profile) is dict, type(profile)
assert profile["kind"] == "piaa profile" and profile["schema"] == 1
assert profile["model"] == "tiny" and profile["created"] == 1790000000
assert profile["event_gestures"] == ["rating"] * 3 + ["comparison"]
assert profile["photo_rows"].dtype == torch.float32 and profile["photo_rows"].shape == (3, 4)
assert profile["photo_rows"][2].tolist() == [0.5, -0.5, -1.5, -2.5]
assert profile["event_others"].tolist() == [-1, -1, -1, 1] and profile["event_others"].dtype == torch.int64
assert profile["event_values"].tolist() == [0, 0.25, 0.5, 1] and profile["event_values"].dtype == torch.float64
assert profile["learned.covariance"].shape == (4, 4) and profile["learned.gate"] == 0.7

profile["event_values"][1] = 0.75
profile["learned.covariance"] = profile["learned.covariance"].t() * 2  # a view with strides of its own
profile["agreement"] = 0.25  # a plain number where we write a tensor without dimensions
profile["learned.note"] = "edited in Python"
torch.save(profile, sys.argv[2])
print("PyTorch", torch.__version__)
