-- Land images: new ones are added; a known one may gain what it lacked, a picture with its true size, and a new NSFW score.
merge into images
using incoming_images using (image_id)
when matched and (
    images.seed is distinct from coalesce(images.seed, incoming_images.seed)
    or images.width is distinct from case
        when images.sha256 is null and incoming_images.sha256 is not null
            then incoming_images.width
        else coalesce(images.width, incoming_images.width)
    end
    or images.height is distinct from case
        when images.sha256 is null and incoming_images.sha256 is not null
            then incoming_images.height
        else coalesce(images.height, incoming_images.height)
    end
    or images.steps is distinct from coalesce(images.steps, incoming_images.steps)
    or images.cfg_scale is distinct from coalesce(images.cfg_scale, incoming_images.cfg_scale)
    or images.sampler is distinct from coalesce(images.sampler, incoming_images.sampler)
    or images.path is distinct from coalesce(images.path, incoming_images.path)
    or images.sha256 is distinct from coalesce(images.sha256, incoming_images.sha256)
    or images.nsfw_score is distinct from coalesce(incoming_images.nsfw_score, images.nsfw_score)
) then update set
    seed = coalesce(images.seed, incoming_images.seed),
    width = case
        when images.sha256 is null and incoming_images.sha256 is not null
            then incoming_images.width
        else coalesce(images.width, incoming_images.width)
    end,
    height = case
        when images.sha256 is null and incoming_images.sha256 is not null
            then incoming_images.height
        else coalesce(images.height, incoming_images.height)
    end,
    steps = coalesce(images.steps, incoming_images.steps),
    cfg_scale = coalesce(images.cfg_scale, incoming_images.cfg_scale),
    sampler = coalesce(images.sampler, incoming_images.sampler),
    path = coalesce(images.path, incoming_images.path),
    sha256 = coalesce(images.sha256, incoming_images.sha256),
    nsfw_score = coalesce(incoming_images.nsfw_score, images.nsfw_score)
when not matched then insert by name
returning merge_action
