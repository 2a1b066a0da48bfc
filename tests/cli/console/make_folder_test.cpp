#include "console/make_folder.h"

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

#include "support/catch.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
namespace fs = boost::filesystem;

TEST_CASE("a folder is made where it is not there", "[make-folder]") {
    const test::TemporaryFolder folder;
    for (const char* there : {".", "..", "./", "/"}) CHECK_NOTHROW(cli::make_folder(there));
    cli::make_folder(folder / "a/b");
    cli::make_folder(folder / "a/b");
    CHECK(fs::is_directory(folder / "a/b"));
    test::write_bytes(folder / "file", "");
    CHECK_THROWS_WITH(cli::make_folder(folder / "file/a"), ContainsSubstring("file/a: cannot be made: "));
}
