#pragma once

#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include "io/tensor_file.h"
#include "network/torch/forward.h"

namespace piaa {

// Between LibTorch's tensors and those that pass through the backend's door.

inline at::Tensor tensor_of(const Tensor& tensor) {
    return at::from_blob(const_cast<float*>(tensor.values.data()), tensor.shape, at::kFloat).clone();
}

inline Tensor plain(const at::Tensor& tensor) {
    const at::Tensor here = tensor.detach().cpu().contiguous();
    return {here.sizes().vec(),
            std::vector<float>(here.data_ptr<float>(), here.data_ptr<float>() + here.numel())};
}

inline std::map<std::string, Tensor> plain(const Parameters& parameters) {
    std::map<std::string, Tensor> result;
    for (const auto& [name, value] : parameters) result[name] = plain(value);
    return result;
}

}  // namespace piaa
