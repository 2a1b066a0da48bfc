#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/features.h>
#include <piaa/personal_model.h>

namespace piaa::cli {

/// The profiles that a service keeps: NAME.pt in one folder. Several programs may work on it at once. All
/// throw Problem.
class ProfileStore {
public:
    /// folder: empty for none.
    explicit ProfileStore(boost::filesystem::path folder) : folder_(std::move(folder)) {}

    /// The file of a name, of letters, digits, '-' and '_', whether there is one or not.
    boost::filesystem::path file(const std::string& name) const;
    /// The file of a profile that is there.
    boost::filesystem::path existing(const std::string& name) const;
    /// Takes a file that somebody sent, which has to be a whole profile of this model, in place of the one
    /// there is.
    void put(const std::string& name, const std::string& bytes, const Model& model) const;

private:
    boost::filesystem::path folder_;
};

}  // namespace piaa::cli
