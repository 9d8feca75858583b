/** The variables that the component gives the function that clears machine images away. */
export interface OldImagesEnvironment {
  /** The tag by which the images are known, and its value. */
  TAG: string;
  VALUE: string;
  /** How many of them stay. */
  KEPT: string;
}

/** The variables that the component gives the function that has the web app's image built. */
export interface BuildImageEnvironment {
  /** The project of CodeBuild. */
  PROJECT: string;
  REPOSITORY: string;
  /** What the build puts on the image. */
  TAG: string;
}
