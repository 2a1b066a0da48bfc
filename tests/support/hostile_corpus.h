#pragma once

#include <set>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

/// Files that are broken, nasty or no files at all.
namespace piaa::test {

struct NamedBytes {
    std::string name;
    std::string bytes;
};

/// A good file of every format and of some of their kinds.
std::vector<NamedBytes> good_photos(const boost::filesystem::path& folder);

/// What is in one folder.
class Corpus {
public:
    explicit Corpus(const boost::filesystem::path& folder) : folder_(folder) {}

    void add(const std::string& name, const std::string& bytes);
    /// Notes a file that was made in another way.
    void added(const std::string& name) { names_.insert(name); }
    const std::set<std::string>& names() const { return names_; }
    boost::filesystem::path path(const std::string& name) const { return folder_ / name; }

private:
    boost::filesystem::path folder_;
    std::set<std::string> names_;
};

/// More than 200 files: cut at every eighth, bits flipped, wrong and giant headers, odd metadata and
/// profiles, other programs' files under an image's name, pipes, sockets and links to nowhere, and "good-..."
/// ones.
Corpus hostile_corpus(const boost::filesystem::path& folder);

}  // namespace piaa::test
