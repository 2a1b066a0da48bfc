#pragma once

#include <Eigen/Core>
#include <string>

#include <piaa/error.h>

#include "io/tensor_file.h"

namespace piaa {

/// As a file's tensors lie: row after row.
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The tensors of a file by name, of the shapes that they should have. Everything throws Error(bad_model),
/// naming file and tensor. Both arguments have to outlive it.
class NamedTensors {
public:
    NamedTensors(const TensorFile& contents, const std::string& file) : contents_(contents), file_(file) {}

    bool has(const std::string& name) const { return contents_.tensors.contains(name); }

    const Tensor& tensor(const std::string& name) const {
        const auto found = contents_.tensors.find(name);
        if (found == contents_.tensors.end())
            throw Error(ErrorCode::bad_model, file_ + ": tensor " + name + " is missing");
        return found->second;
    }

    Eigen::VectorXf vector(const std::string& name, Eigen::Index size) const {
        const Tensor& found = tensor(name);
        if (static_cast<Eigen::Index>(found.values.size()) != size) refuse(name, found, std::to_string(size));
        return Eigen::Map<const Eigen::VectorXf>(found.values.data(), size);
    }

    /// rows: 0 for any number from one on.
    RowMajor matrix(const std::string& name, Eigen::Index rows, Eigen::Index columns) const {
        const Tensor& found = tensor(name);
        if (found.shape.size() != 2 || found.shape[1] != columns || found.shape[0] < 1 ||
            (rows > 0 && found.shape[0] != rows))
            refuse(name, found,
                   (rows > 0 ? std::to_string(rows) : "outputs") + " x " + std::to_string(columns));
        return Eigen::Map<const RowMajor>(found.values.data(), found.shape[0], columns);
    }

private:
    [[noreturn]] void refuse(const std::string& name, const Tensor& found, const std::string& wanted) const {
        throw Error(ErrorCode::bad_model, file_ + ": tensor " + name + " has " +
                                              std::to_string(found.values.size()) +
                                              " values and should have " + wanted);
    }

    const TensorFile& contents_;
    const std::string& file_;
};

}  // namespace piaa
