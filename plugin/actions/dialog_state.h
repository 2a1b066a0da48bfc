#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "actions/photo_reader.h"
#include "actions/result.h"
#include "actions/session.h"
#include "actions/viewport.h"
#include "actions/words.h"

namespace piaa::plugin {

/// What may mend an error.
enum class Remedy { everyone, another_profile, all_visible, once_more };

/// The dialog without its widgets. The engine works in a thread of its own; what it found arrives in the main
/// thread, so nothing blocks the window. Everything here is called from the main thread, and so is the host.
class DialogState {
public:
    /// Runs a piece of work in the main thread, soon but after what the window has to do.
    using Post = std::function<void(std::function<void()>)>;

    /// Begins at once. changed: called in the main thread when something new can be shown.
    DialogState(Host& host, const Settings& settings, Post post, std::function<void()> changed);
    ~DialogState();
    DialogState(const DialogState&) = delete;
    DialogState& operator=(const DialogState&) = delete;

    const Settings& settings() const { return settings_; }
    /// Takes over what the dialog's controls say; the engine is asked only when its answer would differ.
    void change(const Settings& settings);
    /// Whether all that is visible is judged, not the chosen layer alone; as which source a choice of that is
    /// kept.
    bool judges_visible() const;
    Source source_for(bool visible) const;
    bool has_selection() const { return has_selection_; }
    /// Adds the rating, 1 to 5, to the chosen profile, or to me.pt when none is chosen.
    void rate(int stars);
    /// Takes the rating of this photo back, where there is one.
    void take_rating_back();
    /// Where taste is taught: me.pt is chosen when nobody is and it is there.
    void choose_own_profile();
    /// The file that answers go to: the chosen profile, or me.pt.
    boost::filesystem::path taught_profile() const;
    /// Answers have gone to that file, and the engine's session goes on with it.
    void was_taught(const boost::filesystem::path& profile);
    /// Runs `work` in the engine's thread, and what it returns in the main thread, unless the dialog has
    /// ended. Only when ready().
    void ask_engine(std::function<std::function<void()>(Session&)> work);
    /// Runs `work` in the main thread, soon, unless the dialog has ended.
    void later(std::function<void()> work) { post_to_ui(std::move(work)); }
    /// Shows the next crop (1) or the one before (-1), round and round.
    void step_crop(int step);

    /// Whether the engine has answered for the settings as they are: only then OK makes sense.
    bool ready() const { return view_.has_value() && !waiting_; }
    bool has_colour() const { return has_colour_; }
    bool has_profile() const { return !settings_.profile.empty(); }
    /// The photo in as much detail as is shown; only when ready().
    const Image& photo_picture() const { return *picture_; }
    /// What is judged, in pixels.
    Size photo_size() const { return {photo_.width, photo_.height}; }
    /// What the person gave this photo, 1 to 5.
    std::optional<int> rating() const { return view_ ? view_->rating : std::nullopt; }
    /// Whether the preview is the photo alone, without map and crop.
    void show_plain(bool plain);
    /// A rectangle that stays whole in crops, in shares of the photo; none takes the one before back.
    void keep(const std::optional<Box>& drawn);
    bool keeps_drawn() const { return drawn_.has_value(); }
    /// All choices as they were when the dialog began, as they are at first but for the profile, or as they
    /// were saved.
    void reset_to_start();
    void reset();
    void load_saved();
    /// What the view shows of the photo with what is known by now, packed RGB of the size of view.place();
    /// empty before the photo is read.
    std::vector<std::uint8_t> preview(const Viewport& view) const;
    std::string score_text() const;
    std::string person_text() const;   ///< what the profile is worth, and what the person gave this photo
    std::string reasons_text() const;  ///< why the photo has its score
    std::string crop_title() const;
    std::string crop_text() const { return crop_text(settings_.chosen - 1); }
    std::string crop_text(std::size_t index) const;
    std::size_t crop_count() const { return view_ ? view_->crops.crops.size() : 0; }
    std::string level_text() const;  ///< whether the photo was levelled; empty where nobody asks
    std::string legend_low()
        const;  ///< what the left end of the legend stands for, for a ninth of the photo: "−0.4"
    std::string legend_high() const;
    /// What is going on or went wrong; empty when all is well.
    const std::string& status() const { return status_; }
    bool failed() const { return failure_ != Failure::none; }
    /// What may mend the error that status() tells, the likeliest first; empty when all is well.
    std::vector<Remedy> remedies() const;
    /// Takes one of them, but for another profile, which somebody has to choose first.
    void take(Remedy remedy);

    /// Ends the thread and hands over what it knows; only when ready().
    const Session& finish();

private:
    /// What went wrong: what is to be judged is no photo, or anything after that.
    enum class Failure { none, photo, engine };

    /// What the engine says for some settings.
    struct View {
        Score score;
        CropResult crops;
        double angle = 0;         ///< degrees that crops are turned clockwise on the photo
        bool keeps_tilt = false;  ///< for what is to be kept
        std::vector<std::optional<Score>> crop_scores;  ///< what each would score, as far as known by now
        OverlayLayer map;
        double limit = 0;
        std::string person;
        std::optional<int> rating;
        std::string reasons;
    };
    struct Request {
        std::optional<Settings> settings;
        std::optional<Size> photo;  ///< another one than before, to be seen anew
        std::optional<Image> picture;
        std::optional<Image> detail;
        int round = 0;
        std::vector<int> ratings;  ///< in the order they were given; 0 takes one back
        std::vector<std::function<std::function<void()>(Session&)>> work;  ///< of others, done first
        bool of_dialog = false;                                            ///< there is more than such work
    };

    /// What the thread goes by, over all requests.
    struct Asked {
        Settings settings;
        std::vector<int> ratings;  ///< not given yet, because the profile's model has to see the photo first
        int round = 0;
    };

    void enqueue(std::function<void(Request&)> add);
    void run_worker();
    void handle(Request& request, Asked& asked);
    std::string give(Asked& asked);
    void fail(const std::string& why, Failure failure);
    void ask(const Settings& wanted);
    void choose_all(Settings wanted);
    void score_crops(Asked& asked, const std::vector<CropCandidate>& crops);
    bool is_asked();
    void ask_rating(int stars);
    View view_of(const Settings& settings) const;
    void post_to_ui(std::function<void()> work);
    void look_again(Settings& wanted);
    void start_reading(Size needed);
    void read_on();
    void stop();

    Host& host_;
    const Settings start_;
    Settings settings_;
    Post post_;
    std::function<void()> changed_;
    bool has_colour_;
    bool has_selection_;
    bool shows_more_than_layer_;
    PixelBox photo_;
    int round_ = 0;                 ///< of reading; answers to an earlier one are out of date
    std::optional<Image> picture_;  ///< in as much detail as is shown
    std::optional<Box> drawn_;
    std::optional<PhotoReader> reader_;
    std::optional<View> view_;
    std::string status_ = tr("Reading the photo…");
    Failure failure_ = Failure::none;
    bool plain_ = false;
    bool waiting_ = true;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);

    Session session_;  ///< the thread's, until it has ended
    std::mutex mutex_;
    std::condition_variable asked_;
    Request request_;
    bool requested_ = false;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace piaa::plugin
