#pragma once

#include <fstream>
#include <functional>
#include <iosfwd>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json_fwd.hpp>

#include <piaa/file_attributes.h>

namespace piaa::cli {

struct Splice;

/// The user's folder for logs, $XDG_STATE_HOME/piaa/undo. Throws Error(io) where there is no home.
boost::filesystem::path undo_folder();

/// What a run changed on disk, one JSON object per line, written before each change: whenever the run ends,
/// the log knows of everything that was done and perhaps of one thing more.
class UndoLog {
public:
    /// file: empty for a new one in undo_folder(). The file is made with the first entry and never replaces
    /// another. command: for people who read it. Throws Error(bad_argument) where the file is there already,
    /// or its folder cannot be written to.
    UndoLog(boost::filesystem::path file, std::string command);

    /// Changes that are noted while it lives belong together: undo takes all of them back, or none. For the
    /// files of one photo. beside: what is at their new place already and may be taken for the photo's; undo
    /// leaves it there.
    class Together {
    public:
        explicit Together(UndoLog& log, std::vector<boost::filesystem::path> beside = {}) : log_(log) {
            log_.together_ = ++log_.groups_;
            log_.beside_ = std::move(beside);
        }
        ~Together() { log_.together_ = 0; }
        Together(const Together&) = delete;
        Together& operator=(const Together&) = delete;

    private:
        UndoLog& log_;
    };

    /// A file will be replaced whole. before: its bytes, nothing where there is none yet.
    void will_write(const boost::filesystem::path& file, const std::optional<std::string>& before,
                    const std::string& after);
    /// A part of a file will be replaced. before, after: SHA-256 of the whole file.
    void will_splice(const boost::filesystem::path& file, const Splice& splice, const std::string& before,
                     const std::string& after);
    void will_copy(const boost::filesystem::path& from, const boost::filesystem::path& to,
                   const std::string& sha256);
    /// attributes: of a file that goes to another file system, which may not hold them all.
    void will_move(const boost::filesystem::path& from, const boost::filesystem::path& to,
                   const std::optional<FileAttributes>& attributes = std::nullopt);
    /// A symbolic link is made anew elsewhere with another text.
    void will_move_link(const boost::filesystem::path& from, const boost::filesystem::path& to,
                        const boost::filesystem::path& text);
    /// A symbolic link will lead elsewhere.
    void will_relink(const boost::filesystem::path& link, const boost::filesystem::path& before,
                     const boost::filesystem::path& after);
    void will_link(const boost::filesystem::path& from, const boost::filesystem::path& to);
    /// A folder was made for what follows; undo takes it away once it is empty.
    void did_make_folder(const boost::filesystem::path& folder);

    /// Where the entries are; empty when there are none.
    const boost::filesystem::path& written() const { return written_; }

private:
    void add(nlohmann::ordered_json entry);

    std::size_t groups_ = 0, together_ = 0;        ///< 0: by itself
    std::vector<boost::filesystem::path> beside_;  ///< goes with the next entry
    boost::filesystem::path file_;
    boost::filesystem::path written_;
    std::string command_;
    std::ofstream out_;
    std::string failure_;  ///< why it could not be written; what comes later fails for the same reason
};

/// Whether there is something that undo() would take back or has to leave: each change is noted before it is
/// made, and may have failed. Reads no further than to the first.
bool holds_changes(const boost::filesystem::path& log);

/// Says on err where the log is when something was changed, whatever ends the run.
class UndoNotice {
public:
    /// Both must outlive this object. quiet: says nothing.
    UndoNotice(const UndoLog& log, bool quiet, std::ostream& err) : log_(log), quiet_(quiet), err_(err) {}
    ~UndoNotice();
    UndoNotice(const UndoNotice&) = delete;
    UndoNotice& operator=(const UndoNotice&) = delete;

private:
    const UndoLog& log_;
    bool quiet_;
    std::ostream& err_;
};

struct UndoSummary {
    std::size_t restored = 0;
    std::size_t came_along = 0;     ///< what moved photos got since and took back with them
    std::size_t nothing_to_do = 0;  ///< never done, or taken back before
    std::size_t not_found = 0;      ///< not where the run left it, and not as it was before
    std::vector<boost::filesystem::path> first_not_found = {};  ///< at most three
    std::set<std::string> stuck = {};  ///< all files that were refused or not found, and what keeps them
    std::size_t refused = 0;           ///< changed by somebody since, or cannot be taken back; left as it is
};

/// Takes back what a log tells, the last first: sidecars and photos get their earlier bytes and times, copies
/// and links go, moved files return, with the attributes that they lost on the way, and what a run that was
/// killed left unfinished goes. A moved photo takes along the sidecars and other files that it got since; a
/// copy or link that got some stays with them. Folders that are gone are made again for what comes back, and
/// those that the run made go with the last file. What was changed since is left as it is, with one line on
/// err, and so are all files of a photo of which one cannot go back, as where another photo has its old name.
/// The log gets a last line that says what is left; what was taken back once is not taken back again, be it
/// that a later run did the same. Each photo is locked meanwhile. dry_run: only says what it would do.
/// Throws Error(bad_data) for a file that is no such log, before anything is done, and Error(io).
UndoSummary undo(const boost::filesystem::path& log, bool dry_run, std::ostream& err);

}  // namespace piaa::cli
