/** The environment variables, set by the component, of the function that removes old machine images. */
export interface OldImagesEnvironment {
  /** The tag that marks the images, and its value. */
  TAG: string;
  VALUE: string;
  /** How many of them to keep. */
  KEPT: string;
}

/** The environment variables, set by the component, of the function that builds the web app's image. */
export interface BuildImageEnvironment {
  /** The CodeBuild project. */
  PROJECT: string;
  REPOSITORY: string;
  /** The tag that the build puts on the image. */
  TAG: string;
}
