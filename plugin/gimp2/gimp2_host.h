#pragma once

#include <memory>
#include <vector>

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

/// Whether a layer, or a group that it is in, was added by this filter.
bool was_added_by_us(gint32 layer);

/// GIMP 2.10.
class Gimp2Host final : public Host {
public:
    /// layer: a layer of the image that is RGB or grey. shown: new images get a display.
    Gimp2Host(gint32 image, gint32 layer, bool shown);
    ~Gimp2Host() override;
    Gimp2Host(const Gimp2Host&) = delete;
    Gimp2Host& operator=(const Gimp2Host&) = delete;

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

    const std::vector<gint32>& made_images() const { return made_; }

private:
    gchar* uri() const;
    void give_name(gint32 copy, const std::string& name) const;
    void see_all();
    gint32 insert(const std::string& name, int width, int height, double opacity);

    gint32 image_;
    gint32 layer_;
    bool shown_;
    PixelBox photo_;
    bool visible_ = false;  ///< all that is visible is judged
    gint32 seen_ = -1;      ///< all that is visible as a layer of its own, in no image
    gint32 stripped_ = -1;  ///< a copy of the image without what an earlier run added, where there is such
    gint32 group_ = -1;
    bool guides_ = false;  ///< were added in this run
    std::vector<gint32> made_;
    std::string progress_text_;
};

}  // namespace piaa::plugin
