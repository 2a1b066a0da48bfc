#include "io/mapped_file.h"

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <piaa/error.h>

namespace piaa {
namespace ipc = boost::interprocess;

struct MappedFile::Region {
    ipc::mapped_region region;
};

MappedFile::MappedFile(const boost::filesystem::path& file) {
    try {
        const ipc::file_mapping mapping(file.c_str(), ipc::read_only);
        region_ = std::make_unique<Region>(Region{ipc::mapped_region(mapping, ipc::read_only)});
    } catch (const ipc::interprocess_exception& error) {
        throw Error(ErrorCode::io, file.string() + ": cannot be mapped into memory: " + error.what());
    }
}

MappedFile::~MappedFile() = default;

std::span<const std::byte> MappedFile::bytes() const {
    return {static_cast<const std::byte*>(region_->region.get_address()), region_->region.get_size()};
}

}  // namespace piaa
