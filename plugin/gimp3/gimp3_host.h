#pragma once

#include <memory>
#include <vector>

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

/// Whether a layer, or a group that it is in, was added by this filter.
bool was_added_by_us(GimpItem* layer);

/// GIMP 3.0 and later. GIMP's library owns all objects here.
class Gimp3Host final : public Host {
public:
    /// layer: a layer of the image that is RGB or grey. shown: new images get a display.
    Gimp3Host(GimpImage* image, GimpLayer* layer, bool shown);
    ~Gimp3Host() override;
    Gimp3Host(const Gimp3Host&) = delete;
    Gimp3Host& operator=(const Gimp3Host&) = delete;

    bool shows_more_than_layer() const override;
    void look_at(bool visible, bool selected_only) override;
    PixelBox photo() const override { return photo_; }
    PixelBox selection() const override;
    std::string name() const override;
    bool has_colour() const override;
    std::vector<std::uint8_t> read_rows(int first, int count) override;
    std::vector<std::unique_ptr<Host>> other_photos() const override;
    void progress(double done, const std::string& text) override;
    void begin_changes() override;
    void end_changes() override;
    void remove_earlier() override;
    void add_group(const std::string& name) override;
    void add_layer(const OverlayLayer& overlay) override;
    void add_layer(const FrameLayer& frame) override;
    void add_guides(const PixelBox& box) override;
    void add_path(const std::string& name, const CropPlace& place) override;
    void attach_note(const std::string& json) override;
    void check_crop(const CropPlace& place) override;
    void crop(const CropPlace& place) override;
    void make_image(const CropPlace& place, const std::string& name, const std::string& note) override;

    const std::vector<GimpImage*>& made_images() const { return made_; }

private:
    void see_all();
    GimpLayer* insert(const std::string& name, int width, int height, double opacity);
    void select_photo();

    GimpImage* image_;
    GimpLayer* layer_;
    bool shown_;
    PixelBox photo_;
    bool visible_ = false;       ///< all that is visible is judged
    GimpLayer* seen_ = nullptr;  ///< all that is visible as a layer of its own, in no image
    GimpImage* stripped_ =
        nullptr;  ///< a copy of the image without what an earlier run added, where there is such
    GimpLayer* group_ = nullptr;
    bool guides_ = false;  ///< were added in this run
    std::vector<GimpImage*> made_;
    std::string progress_text_;
};

}  // namespace piaa::plugin
